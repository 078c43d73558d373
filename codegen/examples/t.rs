fn main(){ match webhook_codegen::load(std::path::Path::new("schema-defs")) { Ok(c) => webhook_codegen::debug(&c), Err(e) => for d in e { println!("{d}") } } }
